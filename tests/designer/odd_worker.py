"""A worker that does what the text of its question says, and no mathematics."""

import os
import signal
import sys
import time

from actgen.designer.channel import Channel

served = 0


def reply(text):
    if text == "sleep":
        time.sleep(300)
    if text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "memory" or (text == "spoilt" and served):
        return {"memory": True}
    if text == "bug":
        return {"bug": "LookupError: no such row"}
    print("noise on standard output")
    return {"answer": {"text": text, "pid": os.getpid(), "served": served}}


if __name__ == "__main__":
    channel = Channel(on_end=lambda: os._exit(0))
    if "ODD_WORKER_FAILS" in os.environ:
        sys.exit("no luck")
    channel.send({"ready": True})
    while True:
        text = channel.request()["text"]
        channel.send({"began": True})
        channel.send(reply(text))
        served += 1
