"""Production without a Docker engine: the processes of docker-compose.yml as it says them, and a journey in them."""
