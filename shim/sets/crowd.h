/* Those for whom a shared set is there: its holder waits for their end. For the command. */
#ifndef SHIM_CROWD_H
#define SHIM_CROWD_H

#include <stdbool.h>
#include <time.h>

/* One request of the command, as a byte. The answer is text, until the end of the connection. */
#define CROWD_LIST 'l' /* NAME, KINDS, members, seconds, tree's pid (0: user), tabs in between */
#define CROWD_DROP 'd' /* the same, and the set ends */

struct crowd {
	int listener; /* non-blocking */
	int founder;  /* a socket that ends when the maker is a member, or has ended; -1 */
	int tree;     /* a pidfd of the wrapped program; -1: it has ended, or does not matter */
	const char *title; /* of the answers: NAME, KINDS */
	unsigned pid;	   /* for these, the tree's; 0: user */
	bool init;	   /* of a pid namespace: all in it are members */
	unsigned keep;	   /* seconds after the last one */
	int epoll, signals;
	unsigned members; /* that execute, or are about to */
	bool rests;	  /* whoever comes waits until `rested` */
	struct timespec rested;
	struct timespec born;
};

/* Prepares *c, whose first part is filled in. 0; -1 and errno. */
int crowd_start(struct crowd *c);

enum crowd_end { CROWD_GONE, CROWD_DROPPED };

/* Waits until nobody is there any more, or the set is dropped. */
enum crowd_end crowd_wait(struct crowd *c);

/*
 * Lets nobody in any more. True: and nobody has come meanwhile. False: whoever came is a member;
 * the listener is closed, and c->listener takes another.
 */
bool crowd_shut(struct crowd *c);
int crowd_reopen(struct crowd *c, int listener);

#endif
