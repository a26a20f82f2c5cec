/* JSON for --json: the only user of libjansson, of which nothing is needed before. */
#ifndef SHIM_COMMAND_JSON_H
#define SHIM_COMMAND_JSON_H

#include <jansson.h>

/* A text, with a `?` for each byte that is not of UTF-8: paths may hold any. Null is null. */
json_t *json_text(const char *s);

/* Prints it, and is the end of it. Returns as out_end(status). */
int json_end(json_t *all, int status);

#endif
