/* What a unit says of the files inside: places, of which the innermost decides. */
#ifndef SHIM_COMMAND_UNIT_PLACES_H
#define SHIM_COMMAND_UNIT_PLACES_H

#include "shim/command/import/unit/unit.h"

/* Of two things that are said of one path, the first here counts (a mount, and what it is like). */
enum place_mode {
	PLACE_HIDE,
	PLACE_BIND,
	PLACE_TMPFS,
	PLACE_DEV,
	PLACE_RO,
	PLACE_RW,
	PLACE_NOEXEC,
	PLACE_EXEC,
	PLACE_LEFT, /* writable, if nothing else is said */
};

struct place {
	const char *path;
	enum place_mode mode;
	const char *from; /* PLACE_BIND */
	const char
		*words; /* of PLACE_TMPFS; of PLACE_BIND anything: without what is mounted below */
	bool ro;	/* the mount is read-only */
	bool optional;	/* nothing where there is no such file */
	const struct unit_line *by; /* null: it is implied */
};

struct places {
	struct unit *u;
	const char *root; /* the folder that becomes it; empty: the root stays */
	struct place *place;
	size_t count, room;
};

void places_add(struct places *p, const struct place *one);

/* RuntimeDirectory and its like, with their variables. */
void places_folders(struct places *p);

/* All that has been added, as lines of the rule. */
void places_write(struct places *p);

/* Is there such a file now, below the root of the unit? */
bool places_there(const struct places *p, const char *path);

#endif
