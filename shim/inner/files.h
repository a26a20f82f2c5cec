/*
 * The mount namespace as a rule has it, built from inside by an entry: what all its lines have in
 * common (what is found or made beneath the root: shim/inner/destination.c). Sources are found from the root that the process has, which stays as it is until the end;
 * destinations beneath the root to be. All are child-safe.
 *
 * What is being built needs a place where nothing else looks: a scaffold, a tmpfs on top of the
 * root directory, where only a descriptor leads, and which no recursive copy takes along.
 */
#ifndef SHIM_FILES_H
#define SHIM_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "conf/fault.h"
#include "conf/mounts.h"

struct files {
	int base;	  /* the root to be; -1: nothing has begun */
	int scaffold;	  /* -1: none yet */
	int stash;	  /* a tmpfs on it, for what is mounted from there; -1: none yet */
	int here;	  /* a copy of the working directory, as it was before; -1 */
	const char *root; /* `root`, as it was given; null: none, or a tmpfs */
	unsigned systems; /* how many of these, */
	struct files_system {
		dev_t dev;
		uint64_t mount;	   /* of it alone: a bind could be of the same device; 0: unknown */
	} system[MOUNT_SYSTEMS];   /* in which what is missing may be made */
	int shifted[MOUNT_SHIFTS]; /* the mounts of binds with `idmap`, in their order; -1 */
	unsigned shifts;	   /* how many of these have been put */
	unsigned names;		   /* of what is in the stash */
};

/* What a file that is missing becomes: none, a folder, or what that descriptor is. */
enum { FILES_REFUSED = -1, FILES_FOLDER = -2 };

void files_none(struct files *s);
void files_close(struct files *s);

/* Opens the base, where that has not been done. 0; -1 and *f; so do all below. */
int files_begin(struct files *s, struct fault *f);

/* The scaffold. */
int files_scaffold(struct files *s, struct fault *f);

/* A tmpfs, as a mount that shows nowhere yet. size: null for the kernel's. Its descriptor; -1. */
int files_tmpfs(const char *size, unsigned mode, struct fault *f);

/* Notes that in the mount of this descriptor what is missing may be made. */
void files_note(struct files *s, int fd);

/*
 * A descriptor (O_PATH) of the file that `path` is beneath the root to be; one that is not there is
 * made, with the folders above it, where that is in a file system of the rule's. -1 and *f.
 */
int files_open(struct files *s, const char *path, int like, struct fault *f);

/*
 * The folder of `path` that way, and where its last component begins. -1 and *f.
 */
int files_parent(struct files *s, const char *path, const char **name, struct fault *f);

/* May what is missing be made in this folder? */
bool files_may_make(const struct files *s, int dir);

/* The stash; and a name in it that nothing has yet. */
int files_stash(struct files *s, struct fault *f);
const char *files_name(struct files *s, char name[12]);

/* A file, or a folder, there, which may be there already. -1: errno. */
int files_make(int dir, const char *name, unsigned mode);

/* Fills *f for a file that is not there; `ours`: though it could have been made. -1. */
int files_missing(const struct files *s, const char *path, bool ours, int err, struct fault *f);

/*
 * What shows nowhere yet, put at the file of the descriptor `to`; both are closed. `to` may be -1,
 * with *f. -1 and *f.
 */
int files_put(int copy, int to, const char *path, struct fault *f);

/*
 * A copy of what is mounted at a source, which shows nowhere yet. What lies in the folder that is
 * the root to be is found as it is found inside: whoever was there before may have left links. -1:
 * errno.
 */
int files_copy_source(const struct files *s, const char *path, bool whole);

/* The next of those that were made ahead; -1 and ENOENT: an optional one that is not there. */
int files_shifted(struct files *s);

/* A file or folder of the stash, to be put somewhere, with bits of shim/inner/mount.h. -1 and *f. */
int files_copy(struct files *s, const char *name, uint64_t bits, struct fault *f);

/* Takes down the scaffold, where it is not the root's to go with. */
int files_end(struct files *s, struct fault *f);

#endif
