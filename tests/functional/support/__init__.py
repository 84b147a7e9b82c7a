"""What the functional tests share: the server as a process, a typed client, event streams, raw sockets."""
