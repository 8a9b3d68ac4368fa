"""The wizard that makes an account from the number on a licence, and what the worker decides of it."""
