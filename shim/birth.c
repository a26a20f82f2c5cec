#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/birth.h"
#include "shim/remedy.h"

static int be_born(void *arg)
{
	struct birth *b = arg;

	if (!enter_born(b->entry, b->trace, &b->report->fault)) {
		report_ended(b->report, b->log);
		b->err = b->execute(b->arg);
	}
	syscall(SYS_exit, 127);
	return 0;
}

int birth(struct birth *b, bool stays, bool sibling)
{
	char stack[PLACE_STACK] __attribute__((aligned(16)));
	struct fault *f = &b->report->fault;
	pid_t child;

	b->err = 0;
	f->op[0] = '\0';
	if (!place_prepare(b->place, stack, b->entry, stays, f)) {
		/* Now: before it has a process the namespace has no name, and once its /proc is
		   mounted nothing here has. */
		report_entered(b->report, b->entry, b->log);
		child = place_child(b->place, be_born, b, target_room(b->target), sibling);
		if (child < 0)
			fault_set(f, "clone", NS_PID, NULL, errno);
		/* It may still run on our stack. */
		if ((place_begun(b->place, b->entry, f) || f->op[0] || b->err) == 0)
			return 0;
	}
	place_end(b->place);
	if (f->op[0])
		remedy_errno(f, b->entry->plan->rule);
	return -1;
}
