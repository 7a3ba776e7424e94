"""What JupyterLab in a browser asks of its server: open a notebook, run all cells, close it."""

import json
import time
import uuid

import requests
import websocket


class Browser:
    """Talks to the Jupyter server on `port`."""

    def __init__(self, port, token):
        self.root, self.token = f"http://127.0.0.1:{port}", token

    def ask(self, method, path, /, **content):
        """The answer of the server's REST API, decoded."""
        headers = {"Authorization": f"token {self.token}"}
        reply = requests.request(
            method, f"{self.root}/api/{path}", json=content or None, headers=headers, timeout=60
        )
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def wait(self, server, seconds=120):
        """Until the server answers."""
        for _ in range(seconds * 5):
            try:
                return self.ask("GET", "status")
            except requests.ConnectionError:
                assert server.poll() is None, "the server has ended"
                time.sleep(0.2)
        raise TimeoutError(f"no Jupyter server on {self.root} after {seconds} s")

    def run_all(self, path):
        """Run every cell in a new kernel, save, shut the kernel down; RuntimeError if one fails."""
        file = self.ask("GET", f"contents/{path}")
        session = self.ask(
            "POST", "sessions", path=path, name=path, type="notebook", kernel={"name": "python3"}
        )
        kernel = session["kernel"]["id"]
        channels = websocket.create_connection(
            f"{self.root.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={self.token}"
        )
        try:
            for cell in file["content"]["cells"]:
                if cell["cell_type"] == "code":
                    run_cell(channels, cell["source"])
        finally:
            channels.close()
        self.ask("PUT", f"contents/{path}", **file)
        self.ask("DELETE", f"sessions/{session['id']}")


def run_cell(channels, code):
    """Have the kernel at the other end of `channels` execute `code` and wait for its reply."""
    header = {
        "msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": "",
        "version": "5.3",
    }  # fmt: skip
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    channels.send(json.dumps({**request, "channel": "shell", "buffers": []}))
    while True:
        message = channels.recv()
        if not message:
            raise RuntimeError("the kernel's connection was closed")
        reply = json.loads(message)
        if reply["content"].get("execution_state") in ("restarting", "dead"):
            raise RuntimeError("the kernel died")
        mine = reply["parent_header"].get("msg_id") == header["msg_id"]
        if mine and reply["msg_type"] == "execute_reply":
            if reply["content"]["status"] != "ok":
                raise RuntimeError("\n".join(reply["content"].get("traceback", ["aborted"])))
            return
