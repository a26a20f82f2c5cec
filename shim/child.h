/*
 * A child as vfork(2) makes one: it has the caller's memory, and the caller's thread waits until it
 * executes a program or exits. Unlike vfork's it runs on a stack of its own.
 */
#ifndef SHIM_CHILD_H
#define SHIM_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	void (*run)(struct child *c); /* what it does; must not return */
	size_t room;   /* on its stack, for the arguments of a shell say, beyond what code needs */
	int cgroup;    /* a descriptor: the control group it is born into; -1: the caller's */
	int *pidfd;    /* null, or where a descriptor of the child goes, close-on-exec */
	char *stack;   /* its own, from child_start() to child_end(), */
	size_t size;   /* and how large */
	bool hidden;   /* no wait sees it, and no signal tells of its end, until it executes */
	bool handlers; /* told to the child: the caller's signal handlers are set in it */
};

/*
 * Starts it and returns its pid once it is through; a negated errno where there is no child.
 * -ENOSYS: the kernel, or what filters it, has no such child. Every signal must be blocked,
 * libc's own two included (signals_block), since a handler that ran in the child would run on the
 * caller's memory. child-safe
 */
pid_t child_start(struct child *c);

/* Owed after it, once nothing runs on the child's stack any more. child-safe */
void child_end(struct child *c);

#endif
