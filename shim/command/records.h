/* The records that the library has written (shim/report.h). */
#ifndef SHIM_COMMAND_RECORDS_H
#define SHIM_COMMAND_RECORDS_H

#include "shim/command/history.h"

/* Adds what the file tells. 0; -1: errno. */
int records_read(struct history *h, const char *path);

#endif
