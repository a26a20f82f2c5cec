/* What a command prints on standard output, and whether it came there. */
#ifndef SHIM_COMMAND_OUT_H
#define SHIM_COMMAND_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "conf/fault.h"

/*
 * What was printed is written. Returns `status`; EXIT_PROFILE, and has told it, where it could not
 * be: standard output is closed, or its disk is full.
 */
int out_end(int status);

/* Prints the text, and ends. */
int out_text(const char *text);

/* May there be colours? On a terminal, and where NO_COLOR (no-color.org) is not set. */
bool out_colours(void);

/* Can what reads it be expected to know UTF-8? */
bool out_utf8(void);

/* As printf(3), on standard error, with the name of the command before it. Returns EXIT_PROFILE. */
int out_refuse(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tells a fault. Returns EXIT_PROFILE. */
int out_fault(const struct fault *f);

/* The same, as profile_load() says what is wrong with a profile. */
void out_say(void *ctx, const struct fault *f);

#endif
