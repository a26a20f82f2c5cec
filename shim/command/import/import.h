/* What other tools have been told, as a rule. Each takes what it knows, and tells what it does not. */
#ifndef SHIM_COMMAND_IMPORT_H
#define SHIM_COMMAND_IMPORT_H

#include <stdbool.h>

#include "shim/command/json.h"
#include "shim/command/import/written.h"

/* Is all that is read of it of the type that it has there? 0; EXIT_PROFILE: it has been told. */
int import_types(const char *file, const json_t *config);

/* A config.json of the OCI runtime specification. folder: in which it is, without links. */
void import_oci(struct written *w, const json_t *config, const char *folder);

/* The parts of it that are the process, and those that are Linux's. */
void import_process(struct written *w, const json_t *process, bool one_gid);
void import_linux(struct written *w, const json_t *linux_, const char *root);
void import_places(struct written *w, const json_t *mounts, const char *root);
void import_mounts(struct written *w, const json_t *mounts, const char *folder, bool own_pids);

/* What the object has that is none of the words, which are parted by blanks, is lost. */
void import_rest(struct written *w, const json_t *object, const char *where, const char *words);

/* A unit of systemd, `-` being standard input: reads and prints it. Returns the exit status. */
int import_unit(const char *file);

/* Command lines: the tool's name and its words, null at the end. */
void import_bwrap(struct written *w, int argc, char **argv);
void import_unshare(struct written *w, int argc, char **argv);
void import_nsenter(struct written *w, int argc, char **argv);

#endif
