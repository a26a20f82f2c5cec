/*
 * rounds ROUNDS: reads from descriptor 0 what to compare, a line each, its fields parted by tabs:
 *
 *   way LABEL COMMAND            a worker (worker.c), as words for the shell
 *   ratio LABEL LABEL MOST       the first way's time divided by the second's, wanted at most
 *   time LABEL MOST              microseconds
 *
 * In each round every way is gone once, in an order that changes; so whatever else the machine
 * does at the time meets all of them. Ratios are taken round by round, and their median is told,
 * with the interval that holds it in 95 of 100 cases. Workers are started anew some times, since
 * the addresses that a process happens to get make it faster or slower for all its life.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 16, STARTS = 5, WARM = 5 };

struct way {
	char *label, *command;
	double *took; /* microseconds, by round */
	pid_t pid;
	int to, from;
};

struct goal {
	struct way *a, *b; /* b null: a time */
	double most;
};

static struct way way[MOST];
static struct goal goal[MOST];
static int ways, goals, rounds;

_Noreturn static void die(const char *what, const char *whom)
{
	fprintf(stderr, "rounds: %s: %s\n", what, whom);
	exit(1);
}

static struct way *find(const char *label)
{
	for (int i = 0; i < ways; i++)
		if (label && !strcmp(way[i].label, label))
			return &way[i];
	die("no such way", label ? label : "(none)");
}

static void read_lines(void)
{
	static char line[4096];

	while (fgets(line, sizeof line, stdin)) {
		char *kind = strtok(line, "\t\n"), *label = strtok(NULL, "\t\n");

		if (!kind)
			continue;
		if (!strcmp(kind, "way") && ways < MOST) {
			way[ways].label = strdup(label);
			way[ways].command = strdup(strtok(NULL, "\t\n"));
			way[ways++].took = calloc((size_t)rounds, sizeof(double));
		} else if (goals < MOST) {
			struct goal *g = &goal[goals++];

			g->a = find(label);
			g->b = strcmp(kind, "time") ? find(strtok(NULL, "\t\n")) : NULL;
			g->most = atof(strtok(NULL, "\t\n"));
		}
	}
}

static void begin(struct way *w)
{
	int to[2], from[2];

	if (pipe(to) || pipe(from))
		die("pipe", w->label);
	w->pid = fork();
	if (!w->pid) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		for (int fd = 3; fd < 256; fd++)
			close(fd);
		execl("/bin/sh", "sh", "-c", w->command, (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	w->to = to[1];
	w->from = from[0];
}

static void end(struct way *w)
{
	close(w->to);
	close(w->from);
	waitpid(w->pid, NULL, 0);
}

static double go(struct way *w)
{
	int64_t took;

	if (write(w->to, ".", 1) != 1 || read(w->from, &took, sizeof took) != sizeof took ||
	    took < 0)
		die("does not work", w->label);
	return (double)took / 1000;
}

static void measure(void)
{
	int order[MOST];

	for (int i = 0; i < ways; i++)
		order[i] = i;
	for (int r = 0; r < rounds; r++) {
		if (r % ((rounds + STARTS - 1) / STARTS) == 0) {
			for (int i = 0; i < ways; i++) {
				if (r)
					end(&way[i]);
				begin(&way[i]);
				for (int n = 0; n < WARM; n++)
					go(&way[i]);
			}
		}
		for (int i = ways - 1; i > 0; i--) {
			int j = rand() % (i + 1), kept = order[i];

			order[i] = order[j];
			order[j] = kept;
		}
		for (int i = 0; i < ways; i++)
			way[order[i]].took[r] = go(&way[order[i]]);
	}
	for (int i = 0; i < ways; i++)
		end(&way[i]);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Between the values at n/2 - k and n/2 + k, k = root n, is the true median in 95 of 100 cases. */
static double median(const double *value, double *low, double *high, double *least)
{
	double *sorted = malloc(sizeof(double) * (size_t)rounds);
	int half = rounds / 2, k = 1;
	double m;

	while (k * k < rounds)
		k++;
	memcpy(sorted, value, sizeof(double) * (size_t)rounds);
	qsort(sorted, (size_t)rounds, sizeof(double), by_value);
	m = sorted[half];
	*low = sorted[half > k ? half - k : 0];
	*high = sorted[half + k < rounds ? half + k : rounds - 1];
	*least = sorted[0];
	free(sorted);
	return m;
}

static void print_goal(const struct goal *g)
{
	double *value = g->a->took, m, low, high, least;
	double *ratio = malloc(sizeof(double) * (size_t)rounds);
	char what[160];

	if (g->b) {
		for (int r = 0; r < rounds; r++)
			ratio[r] = g->a->took[r] / g->b->took[r];
		value = ratio;
	}
	m = median(value, &low, &high, &least);
	if (g->b)
		snprintf(what, sizeof what, "%s / %s", g->a->label, g->b->label);
	else
		snprintf(what, sizeof what, "%s, microseconds", g->a->label);
	printf("  %-66s %7.3f (%.3f to %.3f)", what, m, low, high);
	if (g->most > 0)
		printf("  wanted <= %g: %s", g->most, m <= g->most ? "reached" : "MISSED");
	printf("\n");
	free(ratio);
}

int main(int argc, char **argv)
{
	rounds = argc > 1 ? atoi(argv[1]) : 100;
	read_lines();
	measure();
	printf("  %-50s %12s %12s\n", "", "median us", "fastest us");
	for (int i = 0; i < ways; i++) {
		double low, high, least, m = median(way[i].took, &low, &high, &least);

		printf("  %-50s %12.1f %12.1f\n", way[i].label, m, least);
	}
	for (int i = 0; i < goals; i++)
		print_goal(&goal[i]);
	return 0;
}
