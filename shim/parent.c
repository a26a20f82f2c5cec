#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
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

/* Not in its place: the program may have put entries there that cannot be written. */
bool parent_strip(char ***envp, struct fault *f)
{
	const struct env_own *own = &state_get()->own.env;
	const struct env_want want = { .leave = true };
	size_t size = env_room(own, environ, &want);
	void *room;

	*envp = environ;
	if (!size)
		return true;
	room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED) {
		fault_set(f, "mmap", NS_KINDS, NULL, ENOMEM);
		return false;
	}
	*envp = (char **)env_make(own, room, environ, &want);
	return true;
}

void parent_entered(char **envp)
{
	environ = envp;
	own_state()->entered = true;
}

void parent_again(void)
{
	own_state()->parent = self();
}
