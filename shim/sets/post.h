/*
 * Where a holder is to be found: a name in the directory of the sets, which is given to one who is
 * ready, and taken away at the end. For the command.
 */
#ifndef SHIM_POST_H
#define SHIM_POST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "conf/fault.h"
#include "shim/mark.h"

struct post {
	const char *name;
	int dir, lock;
	char temporary[56]; /* of who is not yet ready; "": there is none */
	struct stat file;   /* which of that name is ours */
};

/*
 * Opens the directory of the place, after it has been cleared of what is left there of others, and
 * finds a temporary name. 0; -1 and *f.
 */
int post_open(struct post *p, const char *place, const char *name, struct fault *f);

/* A socket that is bound to the temporary name, non-blocking. -1 and errno. */
int post_socket(struct post *p);

/* A fifo of the temporary name, open at both ends, non-blocking. -1 and errno. */
int post_fifo(struct post *p);

/* Gives it the name, which must be nobody's. 0; -1 and errno. */
int post_publish(struct post *p);

void post_lock(const struct post *p); /* waits: nobody makes or ends one of this name meanwhile */
void post_unlock(const struct post *p);
void post_withdraw(const struct post *p); /* takes the name away, if it is still ours */
void post_give_up(struct post *p);	  /* the temporary one */

/*
 * Leaves the host of whoever started this process: its descriptors but this one, whose new number
 * is returned, its umask, and the soft limit of descriptors.
 */
int post_leave_host(int sock);

/* A pidfd of the tree's wrapped program; -1: it has ended. */
int post_find_tree(const struct tree *tree);

#endif
