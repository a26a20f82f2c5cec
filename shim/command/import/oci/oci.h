/* The parts of a config.json, as lines of the rule. */
#ifndef SHIM_COMMAND_OCI_H
#define SHIM_COMMAND_OCI_H

#include <stdbool.h>

#include "shim/command/import/written.h"
#include "shim/command/json.h"

/* Who the process is, and what it has. one_gid: its user namespace knows no second. */
void import_oci_process(struct written *w, const json_t *process, bool one_gid);

/* What is Linux's alone, but for the namespaces. root: the folder that becomes it; "": none. */
void import_oci_linux(struct written *w, const json_t *linux_, const char *root);

/* What is mounted. own_pids: /proc is another one inside. */
void import_oci_mounts(struct written *w, const json_t *mounts, const char *folder, bool own_pids);

/* Of a root that becomes read-only before: the folders to mount on, where they are not there. */
void import_oci_places(struct written *w, const json_t *mounts, const char *root);

/* What the object has that is none of the words, which are parted by blanks, is lost. */
void import_oci_rest(struct written *w, const json_t *object, const char *where, const char *words);

#endif
