/* What an entry may have to execute beside the program, and what it tells that. */
#ifndef SHIM_HOME_H
#define SHIM_HOME_H

struct home {
	const char *image;   /* the helper image's path; "": the one of PREFIX */
	const char *init;    /* that of pid 1: the library's own file (shim/init.h) */
	const char *profile; /* the locate_value() of what the rule is in */
	const char *place;   /* where shared sets are, and whose: shim/sets/sets.h */
};

#endif
