/*
 * Why the kernel refuses a namespace: the machine is asked, and only then. They add the words to a
 * fault. child-safe
 */
#ifndef SHIM_REFUSAL_H
#define SHIM_REFUSAL_H

#include "shim/plan.h"

void refusal_user(struct fault *f); /* to create a user namespace */
void refusal_create(struct fault *f, const struct plan *plan);
void refusal_join(struct fault *f, enum ns_kind k);

/* The user namespace could be created, but what it should give is not there. */
void refusal_powers(struct fault *f);

/* A limit on the number of namespaces, of this kind or of the first of CLONE_NEW* that has one. */
void refusal_used_up(struct fault *f, const char *kind);
void refusal_create_used_up(struct fault *f, int flags);

#endif
