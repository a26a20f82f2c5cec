#include <stdbool.h>
#include <string.h>

#include "shim/command/trace/drawing.h"

static void print_entry(const json_t *program, FILE *to)
{
	json_t *all = json_object_get(program, "namespaces");

	fprintf(to, "[%s] by %s:", json_said(program, "rule"), json_said(program, "door"));
	for (void *i = json_object_iter(all); i; i = json_object_iter_next(all, i)) {
		const json_t *number = json_object_iter_value(i);

		fprintf(to, " %s ", json_object_iter_key(i));
		if (json_is_integer(number))
			fprintf(to, "%lld", (long long)json_integer_value(number));
		else
			putc('?', to);
	}
	fprintf(to, ", %lld us", json_number(program, "took"));
}

/* Returns whether it got past every door. */
static bool print_program(const json_t *process, const json_t *program, int depth, FILE *to)
{
	const char *state = json_said(program, "state"), *name = json_said(program, "program");
	bool past = !strcmp(state, "past");

	fprintf(to, "%9.3f ms  %*s%lld  %s  ", (double)json_number(program, "at") / 1000, 2 * depth,
		"", json_number(process, "pid"), name[0] ? name : "(forked)");
	if (!strcmp(state, "entered"))
		print_entry(program, to);
	else
		fprintf(to, "%s%s%s", past ? "past every door" : state,
			json_said(program, "why")[0] ? ": " : "", json_said(program, "why"));
	return past;
}

/* all: what still runs is known. */
static size_t print_process(const json_t *process, bool all, int depth, FILE *to)
{
	const json_t *programs = json_object_get(process, "programs"),
		     *started = json_object_get(process, "started");
	size_t count = json_array_size(programs), past = 0;

	for (size_t i = 0; i < count; i++) {
		past += print_program(process, json_array_get(programs, i), depth, to);
		if (all && i == count - 1 && json_is_null(json_object_get(process, "status")))
			fputs(", goes on", to);
		putc('\n', to);
	}
	for (size_t i = 0; i < json_array_size(started); i++)
		past += print_process(json_array_get(started, i), all, depth + 1, to);
	return past;
}

void drawing_print(json_t *all, FILE *to)
{
	const json_t *said = json_object_get(all, "said"),
		     *processes = json_object_get(all, "processes");
	bool followed = json_is_true(json_object_get(all, "all"));
	size_t past = 0;

	/* All of it is what programs said of themselves, and a terminal would obey. */
	json_plain(all);
	for (size_t i = 0; i < json_array_size(said); i++)
		fprintf(to, "%s\n", json_string_value(json_array_get(said, i)));
	for (size_t i = 0; i < json_array_size(processes); i++)
		past += print_process(json_array_get(processes, i), followed, 0, to);
	if (past)
		fprintf(to, "%zu past every door\n", past);
}
