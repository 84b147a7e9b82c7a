// A server of MongoDB's protocol, for tests: FerretDB on SQLite, behind a serialiser of writes.
// Arguments are the folder of the data and the port (0: any free one).
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: ferret FOLDER PORT")
	}
	folder, err := filepath.Abs(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		log.Fatal(err)
	}
	behind := filepath.Join(folder, "socket")
	_ = os.Remove(behind) // of one that was killed
	database, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{Unix: behind},
		Logger:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Handler:  "sqlite",
		// It need not survive a loss of power, only its own death.
		SQLiteURL: "file:" + folder + "/?_pragma=synchronous(off)",
	})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(database.Run(context.Background())) }()
	_ = database.MongoDBURI() // returns when it listens
	front := serialiser{network: "unix", address: behind}
	go func() { log.Fatal(front.serve(listener)) }()
	fmt.Println("ready on port", listener.Addr().(*net.TCPAddr).Port)
	// Whoever started it holds its standard input: when that one dies, so does the server.
	_, _ = io.Copy(io.Discard, os.Stdin)
}
