/*
 * Where shared sets are found: a directory of the user's own, and in it a socket for each. All of
 * it is child-safe.
 */
#ifndef SHIM_SETS_H
#define SHIM_SETS_H

#include <stdint.h>
#include <sys/un.h>

#include "conf/fault.h"
#include "conf/profile.h"
#include "shim/home.h"
#include "shim/mark.h"
#include "shim/plan.h"

/*
 * A place is text: the tree of whoever asks, PID.SINCE (shim/mark.h), a colon, and the value of
 * XDG_RUNTIME_DIR.
 */
void sets_tree(struct tree *tree, const char *place);

/* The name of a socket: NAME@DIGEST, 16 hexadecimal digits; another one for another set. */
enum { SETS_NAME = 32 + 1 + 16 + 1 };

/* What stands for NAME where it is the fifo of a pool (shim/sets/ahead.c). */
#define SETS_POOL "+"

/*
 * Names the set of a rule that has a share, or its pool. The name tells apart all that tells sets
 * apart: what the rule asks for, the tree, and of the credentials what becomes part of a user
 * namespace. -1 and *f: the tree is not known.
 */
int sets_name(char name[SETS_NAME], const struct rule *rule, const struct creds *creds,
	      const char *place, struct fault *f);

enum { SETS_PATH = sizeof(((struct sockaddr_un *)0)->sun_path) };

/*
 * The directory in which sets are found: $XDG_RUNTIME_DIR/nsshim where that belongs to
 * the effective uid; else /run/nsshim for root, /run/user/UID/nsshim, or /tmp/nsshim-UID. 1; 0: it
 * is not there; -1 and *f: it cannot be looked at, or somebody else could write it.
 */
int sets_find(char dir[SETS_PATH], const char *place, struct fault *f);

/* The same, made where it is not there. 0; -1 and *f. */
int sets_dir(char dir[SETS_PATH], const char *place, struct fault *f);

/* The socket's address. -1 and *f: it is too long. */
int sets_address(struct sockaddr_un *at, const char *place, const char *name, struct fault *f);

/*
 * A lock of the set of this name, to make or end it: a descriptor of the directory's file for all
 * locks, and the lock itself, which goes with the last descriptor of that. -1 and errno;
 * sets_lock(): EAGAIN, somebody has it. Of the name what counts is the digest.
 */
int sets_open_lock(const struct sockaddr_un *at); /* of any name in the directory */
int sets_lock(int fd, const char *name);
int sets_unlock(int fd, const char *name);

/*
 * The arguments of the helper image that holds a set, or makes some ahead: its mode, its end of the
 * helper's socket, the profile, the rule, the place, and the name.
 */
enum sets_arg {
	SETS_SELF,
	SETS_MODE,
	SETS_SOCK,
	SETS_PROFILE,
	SETS_RULE,
	SETS_PLACE,
	SETS_SET,
	SETS_ARGS
};
void sets_arguments(char *argv[SETS_ARGS + 1], const char *mode, const char *sock,
		    const struct home *home, const struct rule *rule, const char *name);

#endif
