/* JSON for --json: the only user of libjansson, of which nothing is needed before. */
#ifndef SHIM_COMMAND_JSON_H
#define SHIM_COMMAND_JSON_H

#include <jansson.h>

/* Both of the same name in the object, and the array; no memory ends the program. */
void json_put(json_t *object, const char *name, json_t *value);
void json_add(json_t *array, json_t *value);

/* A text, with a `?` for each byte that is not of UTF-8: paths may hold any. Null is null. */
json_t *json_text(const char *s);

/* All its texts without control characters, as they are for people. */
void json_plain(json_t *all);

/* Prints it, and is the end of it. Returns as out_end(status). */
int json_end(json_t *all, int status);

/* The text or number of that name; "" and 0 where it has none, the nearest where it is too large. */
const char *json_said(const json_t *object, const char *name);
long long json_number(const json_t *object, const char *name);

#endif
