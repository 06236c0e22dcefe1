"""From the command to the first acknowledged message, on an empty folder."""

import socket
import time

from bench import messages
from bench.results import Bar, percentile
from bench.servers import wardline
from wardline.formats.hl7v2.framing import END, frame


def run() -> list[Bar]:
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        with wardline() as server, socket.create_connection(("127.0.0.1", server.mllp), timeout=10) as connection:
            connection.sendall(frame(messages.vitals(1)))
            answer = b""
            while END not in answer:
                answer += connection.recv(65_536)
            taken.append(time.perf_counter() - begun)
            assert b"MSA|AA" in answer
    return [Bar("start on an empty folder to the first acknowledged message, s", percentile(taken, 0.5), 3.0, False, {"seconds": taken}, "s")]
