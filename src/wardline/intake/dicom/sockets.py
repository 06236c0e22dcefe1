"""The port that several processes accept connections on: one socket, bound by the house and handed to each of them."""

import socket


def bound_socket(host: str, port: int) -> socket.socket:
    """Nobody can call before the first process that is ready listens on it. Raises `OSError` where somebody else listens there."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
