#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/next.h"
#include "shim/parent.h"

extern char **environ;

/* Constant to all but the constructor, and to a child that fork has given memory of its own. */
static struct state *own_state(void)
{
	return (struct state *)state_get();
}

static pid_t self(void)
{
	return (pid_t)syscall(SYS_getpid);
}

void parent_begin(const struct rule *rule, char **envp)
{
	struct state *s = own_state();

	next_resolve_fork();
	next_resolve_bare_fork();
	own_tell_children(&s->own, envp, rule->name, s->judged_by);
	if (environ && environ != envp) /* an earlier constructor has called setenv */
		own_tell_children(&s->own, environ, rule->name, s->judged_by);
	s->parent = self();
	s->children = rule;
}

bool parent_is(const struct state *s)
{
	return s->children && !s->entered;
}

bool parent_has_child_here(const struct state *s)
{
	return parent_is(s) && self() != s->parent;
}

/* In its place: who compares environ with what it was (perl) would free another array. */
void parent_entered(void)
{
	own_state()->entered = true;
	if (environ)
		env_strip(environ);
}

void parent_again(void)
{
	own_state()->parent = self();
}
