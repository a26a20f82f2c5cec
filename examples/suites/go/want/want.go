// Package want is what each test wants: see ../../want.
package want

import (
	"net"
	"os"
	"testing"
	"time"
)

func Want(t *testing.T) {
	came, err := os.OpenFile("../came", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0666)
	if err != nil {
		t.Fatal(err)
	}
	defer came.Close()
	came.WriteString(".")

	server, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	file, err := os.OpenFile("/tmp/nsshim-x", os.O_CREATE|os.O_EXCL, 0600)
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file.Name())
	for i := 0; i < 1500; i++ {
		if of, err := came.Stat(); err == nil && of.Size()%3 == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the others do not come")
}
