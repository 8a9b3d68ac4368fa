"""A laptop's machinery: private servers, their places and roles, the demonstration's processes. Not in the image."""
