#include <string.h>

#include "conf/fault.h"
#include "shim/trace.h"

static const char names[][40] = {
	[STEP_READY] = "have the filters ready",
	[STEP_INIT] = "open the image of pid 1",
	[STEP_OPEN] = "open",
	[STEP_PIDFD] = "pidfd_open",
	[STEP_DIR] = "open the process's",
	[STEP_PROCFS] = "open",
	[STEP_SAME] = "see the start of",
	[STEP_KEEP] = "keep a way back",
	[STEP_HIDE] = "become undumpable",
	[STEP_SHARE] = "join the set",
	[STEP_AHEAD] = "take what is ready of",
	[STEP_TRY] = "join what is allowed",
	[STEP_JOIN] = "join",
	[STEP_MAPPER] = "start the map writer",
	[STEP_SHIFT] = "shift ids of mounts",
	[STEP_USER] = "unshare",
	[STEP_MAP] = "write",
	[STEP_MAPPED] = "have the maps written",
	[STEP_CREATE] = "unshare",
	[STEP_TIME] = "move in time",
	[STEP_PRIVATE] = "make mounts private",
	[STEP_NETNS] = "put in place what belongs to the network",
	[STEP_LOOPBACK] = "bring lo up",
	[STEP_IDS] = "take mapped ids",
	[STEP_TAKE] = "take the process's",
	[STEP_CWD] = "chdir",
	[STEP_CAPS] = "drop capabilities",
	[STEP_PRIVILEGED] = "raise what a user namespace could not",
	[STEP_ITEMS] = "set up",
	[STEP_PROC] = "mount /proc",
	[STEP_ROOT] = "have the new root",
	[STEP_BUILT] = "end the files",
};

static const char phases[PHASES][8] = {
	[PHASE_CLOCKS] = "clocks",   [PHASE_NAMES] = "names",  [PHASE_FILES] = "files",
	[PHASE_HOST] = "host",	     [PHASE_LIFE] = "process", [PHASE_POWERS] = "powers",
	[PHASE_FILTERS] = "filters", [PHASE_EXEC] = "exec",
};

void trace_kinds(struct text *t, int flags)
{
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (flags & ns_table[k].flag) {
			text_str(t, " ");
			text_str(t, ns_table[k].name);
		}
}

void trace_step(struct text *t, const struct step *s)
{
	text_str(t, names[s->op]);
	if (s->op == STEP_KEEP || s->op == STEP_SHARE || s->op == STEP_AHEAD ||
	    s->op == STEP_USER || s->op == STEP_CREATE)
		trace_kinds(t, s->flags);
	if (s->op == STEP_PIDFD || s->op == STEP_SAME) {
		text_str(t, " ");
		text_num(t, s->pid);
	}
	if (s->op == STEP_ITEMS) {
		text_str(t, " ");
		text_str(t, phases[s->phase]);
	}
	if (s->path) {
		text_str(t, " ");
		text_str(t, s->path);
	}
	if (s->op == STEP_MAP) {
		text_str(t, ": ");
		text_bytes(t, s->text, strcspn(s->text, "\n"));
	}
}

/* nsshim: [RULE] step 3 of 9: unshare net ipc */
void trace_say_step(const struct plan *plan, unsigned step, int fd)
{
	char line[512];
	struct text t = text_in(line, sizeof line - 1);

	text_str(&t, "nsshim: [");
	text_str(&t, plan->rule->name);
	text_str(&t, "] step ");
	text_num(&t, step + 1);
	text_str(&t, " of ");
	text_num(&t, plan->count);
	text_str(&t, ": ");
	trace_step(&t, &plan->step[step]);
	t.end++;
	text_str(&t, "\n");
	fault_say(fd, line, (size_t)(t.at - line));
}

/* nsshim: [RULE] line 12: hostname = web */
void trace_say_item(const struct plan *plan, const struct item *it, int fd)
{
	char line[512];
	struct text t = text_in(line, sizeof line - 1);

	text_str(&t, "nsshim: [");
	text_str(&t, plan->rule->name);
	text_str(&t, "] line ");
	text_num(&t, it->line);
	text_str(&t, ": ");
	text_str(&t, item_row[it->op].name);
	text_str(&t, " = ");
	text_str(&t, it->text);
	t.end++;
	text_str(&t, "\n");
	fault_say(fd, line, (size_t)(t.at - line));
}
