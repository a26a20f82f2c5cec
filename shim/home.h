/* What a process tells those that it has to start beside itself. */
#ifndef SHIM_HOME_H
#define SHIM_HOME_H

struct home {
	const char *image;   /* the helper image's path; "": the one of PREFIX */
	const char *profile; /* the locate_value() of what the rule is in */
	const char *place;   /* where shared sets are, and whose: shim/sets.h */
};

#endif
