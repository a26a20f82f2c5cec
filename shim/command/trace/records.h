/* The records that the library has written (shim/report.h), and the file that holds them. */
#ifndef SHIM_COMMAND_RECORDS_H
#define SHIM_COMMAND_RECORDS_H

#include <stdio.h>

#include "shim/command/trace/history.h"

struct records {
	char *folder, *path;
	FILE *file;
};

/*
 * Makes a file that programs of other users may add to where they have been told its name, as those
 * of one that has dropped root; in a folder of its own, so that what outlives this command does not
 * make it again. 0; -1: errno. In both cases records_remove() is owed.
 */
int records_make(struct records *r);
void records_remove(struct records *r);

/* Adds what it tells. 0; -1: errno. */
int records_read(const struct records *r, struct history *h);

#endif
