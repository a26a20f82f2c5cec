/*
 * The helper image, `nsshim`, run beside a process that enters: it writes the id maps that the
 * process cannot write itself, and tries an entry out. The host sees no child and no SIGCHLD.
 */
#ifndef SHIM_HELPER_H
#define SHIM_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "conf/fault.h"

/*
 * In a mapping of its own, with the stack of the process in between: that shares our memory, and
 * were we killed in a vfork child, our stack would be our parent's again at once.
 */
struct helper {
	pid_t middle; /* between this process and the image: helper.c */
	pid_t parent;
	int sock;   /* ours: datagrams of one struct fault from the image, of one byte to it */
	int theirs; /* read by the others, so never changed again */
	bool given; /* theirs is closed here */
	int keep;   /* a descriptor that the image shall have too; -1 */
	int err;    /* errno of an exec of the image that failed */
	const char *image;
	char *const *argv;
	char *const *envp;
	char number[12]; /* `theirs` as text: an argument of the image */
	char stack[8192] __attribute__((aligned(16)));
};

/* A helper with its sockets; h->number then goes into argv. Null and errno. child-safe */
struct helper *helper_open(void);

/*
 * Starts the image: `image`, else PREFIX/bin/nsshim. envp null: a bare one. Returns 0; -1 with a
 * fault. helper_end() is owed in both cases. child-safe
 */
int helper_start(struct helper *h, const char *image, char *const *argv, char *const *envp,
		 struct fault *f);

/* Waits for the image's answer. 0: it is content; -1: *f is its fault. child-safe */
int helper_ask(struct helper *h, struct fault *f);

int helper_go(struct helper *h); /* lets it go on. 0; -1 and errno. child-safe */

/*
 * Waits for the end of the image, and of the process that shares our memory meanwhile. A child of
 * its own may have kept the socket, and reads its end at helper_end(). child-safe
 */
void helper_wait(struct helper *h);

/* Ends it: nothing of it is left afterwards. child-safe */
void helper_end(struct helper *h);

/* Could the image be executed? 0; -1 and a fault. child-safe */
int helper_find(const char *image, struct fault *f);

/*
 * Executes the image in the place of this process. Returns only where that fails: -1, *f.
 * child-safe
 */
int helper_become(const char *image, char *const *argv, char *const *envp, struct fault *f);

#endif
