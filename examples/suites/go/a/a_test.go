package a

import (
	"suite/want"
	"testing"
)

func TestWant(t *testing.T) { want.Want(t) }
