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
	state_mark_children(envp, rule);
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

struct env_want parent_want(const struct state *s, enum mark_kind decided, const char *path)
{
	if (s->entered)
		return (struct env_want){ .leave = true };
	if (!parent_is(s))
		return state_want(s, decided, path);
	return (struct env_want){ .decided = MARK_CHILD,
				  .path = s->children->name,
				  .stamp = (unsigned)self() };
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
