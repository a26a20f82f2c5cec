/* What other tools have been told, as a rule. Each takes what it knows, and tells what it does not. */
#ifndef SHIM_COMMAND_IMPORT_H
#define SHIM_COMMAND_IMPORT_H

#include "shim/command/import/written.h"
#include "shim/command/json.h"

/*
 * Is all that is read of a config.json of the type that it has there? 0; EXIT_PROFILE: it is not,
 * and it has been told.
 */
int import_oci_types(const char *file, const json_t *config);

/* A config.json of the OCI runtime specification. folder: in which it is, without links. */
void import_oci(struct written *w, const json_t *config, const char *folder);

/* A unit of systemd, `-` being standard input: reads and prints it. Returns the exit status. */
int import_unit(const char *file);

/* Command lines: the tool's name and its words, null at the end. */
void import_bwrap(struct written *w, int argc, char **argv);
void import_unshare(struct written *w, int argc, char **argv);
void import_nsenter(struct written *w, int argc, char **argv);

#endif
