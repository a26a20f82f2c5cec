/* What a plan does, in words: for the log, and for who wants a plan explained. child-safe */
#ifndef SHIM_TRACE_H
#define SHIM_TRACE_H

#include "conf/text.h"
#include "shim/plan.h"

/* Appends the names of the kinds CLONE_NEW*, each with a space before it. */
void trace_kinds(struct text *t, int kinds);

/* Appends what the step does: the system call, and to what. */
void trace_step(struct text *t, const struct step *s);

/* A line of NSSHIM_LOG=debug: the step, or the item of one, that comes next. */
void trace_say_step(const struct plan *plan, unsigned step, int fd);
void trace_say_item(const struct plan *plan, const struct item *it, int fd);

#endif
