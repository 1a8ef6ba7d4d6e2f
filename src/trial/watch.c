#include "trial/watch.h"

#include <fcntl.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trial/acts.h"

enum { SCRATCH_MAX = 1 << 20 /* bytes */ };

static const struct act_row *const tables[] = {act_file_rows, act_system_rows};

/* Not sendmsg(2): the listener itself comes by that, and nobody could let the call go on. */
static void add_number(struct watch *watch, int **numbers, size_t *count, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number < 0 || strcmp(name, "sendmsg") == 0)
		return;
	for (size_t i = 0; i < *count; i++)
		if ((*numbers)[i] == number)
			return;
	*numbers = arena_grow(watch->seen->arena, *numbers, *count, sizeof(**numbers));
	(*numbers)[(*count)++] = number;
}

static size_t count_rows(void)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct act_row *row = tables[i]; row->name != NULL; row++)
			count++;
	return count;
}

/* Looked up once: the library searches by name. */
static void resolve_rows(struct watch *watch)
{
	int *next = watch->rows =
		arena_array(watch->seen->arena, count_rows(), sizeof(*watch->rows));

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct act_row *row = tables[i]; row->name != NULL; row++)
			*next++ = seccomp_syscall_resolve_name(row->name);
	watch->execute = seccomp_syscall_resolve_name("execveat");
}

int *watch_numbers(struct watch *watch, const struct strings *denied, size_t *count)
{
	int *numbers = NULL;

	*count = 0;
	resolve_rows(watch);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct act_row *row = tables[i]; row->name != NULL; row++)
			add_number(watch, &numbers, count, row->name);
	for (size_t i = 0; i < denied->count; i++) {
		add_number(watch, &numbers, count, denied->items[i]);
		table_put(watch->seen->arena, &watch->denied, denied->items[i],
			(void *)denied->items[i]);
	}
	return numbers;
}

bool act_is_own(const struct watch *watch, pid_t process)
{
	for (size_t i = 0; i < watch->process_count; i++)
		if (watch->processes[i] == process)
			return true;
	return false;
}

static void know_process(struct watch *watch, pid_t process)
{
	if (process == 0 || act_is_own(watch, process))
		return;
	watch->processes = arena_grow(watch->seen->arena, watch->processes, watch->process_count,
		sizeof(*watch->processes));
	watch->processes[watch->process_count++] = process;
}

static void raise_to(uint64_t *peak, uint64_t value)
{
	if (value > *peak)
		*peak = value;
}

/* Some have made no call yet that was asked about. Theirs are found next, as the list grows. */
static void know_children(struct watch *watch, pid_t process)
{
	size_t count;
	pid_t *children = subject_children(watch->scratch, process, &count);

	for (size_t i = 0; i < count; i++)
		know_process(watch, children[i]);
}

/* Forgets those that are gone. */
void watch_measure(struct watch *watch)
{
	struct peaks *peaks = &watch->seen->peaks;
	struct subject_size size;
	uint64_t threads = 0;
	size_t kept = 0;

	for (size_t i = 0; i < watch->process_count; i++)
		know_children(watch, watch->processes[i]);
	for (size_t i = 0; i < watch->process_count; i++) {
		if (!subject_measure(watch->processes[i], &size))
			continue;
		watch->processes[kept++] = watch->processes[i];
		threads += size.threads;
		raise_to(&peaks->memory, size.memory);
		raise_to(&peaks->open_files, size.descriptors);
	}
	watch->process_count = kept;
	raise_to(&peaks->processes, threads);
}

char *act_path(
	struct watch *watch, const struct notice *notice, const struct act_row *row, bool follow)
{
	int directory = row->directory < 0 ? AT_FDCWD : (int)notice->arguments[row->directory];
	const char *path = row->path < 0 ? NULL
					 : subject_string(watch->scratch, notice->thread,
						   notice->arguments[row->path]);
	const char *rest;
	char *whole;
	pid_t process;

	/* No path, or an empty one: the descriptor itself is meant. */
	if ((path == NULL || *path == '\0') && row->directory >= 0)
		return subject_link(watch->scratch, notice->thread,
			arena_printf(watch->scratch, "fd/%d", directory));
	whole = subject_path(watch->scratch, notice->thread, directory, path, follow);
	if (whole == NULL || strncmp(whole, "/proc/", 6) != 0)
		return whole;
	rest = whole + 6 + strcspn(whole + 6, "/");
	if (strncmp(whole, "/proc/thread-self", 17) == 0)
		return arena_printf(watch->scratch, "/proc/self%s", rest);
	process = (pid_t)strtol(whole + 6, NULL, 10);
	return process > 0 && act_is_own(watch, process)
		       ? arena_printf(watch->scratch, "/proc/self%s", rest)
		       : whole;
}

void act_capability(struct watch *watch, const struct notice *notice, int capability)
{
	struct subject_size size;

	if (subject_measure(notice->thread, &size))
		observation_capability(watch->seen, (unsigned)capability,
			(size.capabilities >> capability & 1) != 0);
}

/* The program is executed by descriptor: until then it is the gateway's code that runs. */
static bool has_started(struct watch *watch, const struct notice *notice)
{
	if (!watch->started && notice->thread != watch->starter && !notice->foreign &&
		notice->number == watch->execute) {
		watch->started = true;
		know_process(watch, notice->thread);
		return false;
	}
	return watch->started && notice->thread != watch->starter;
}

static void note(struct watch *watch, const struct notice *notice)
{
	const int *number = watch->rows;
	char *name;

	know_process(watch, subject_process(notice->thread));
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct act_row *row = tables[i]; row->name != NULL; row++)
			if (*number++ == notice->number)
				row->note(watch, notice, row);
	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, notice->number);
	if (name != NULL && table_get(&watch->denied, name) != NULL && strcmp(name, "clone") != 0 &&
		strcmp(name, "clone3") != 0)
		observation_call(watch->seen, name);
	free(name);
}

void watch_tidy(struct watch *watch)
{
	if (arena_used(watch->scratch) <= SCRATCH_MAX)
		return;
	arena_free(watch->scratch);
	watch->scratch = arena_new();
}

int watch_answer(struct watch *watch)
{
	struct notice notice;
	int result = notify_receive(watch->listener, &notice);

	if (result <= 0)
		return result;
	if (has_started(watch, &notice)) {
		if (notice.foreign)
			watch->seen->foreign = true;
		else if (notify_is_valid(watch->listener, &notice))
			note(watch, &notice);
	}
	watch_tidy(watch);
	return notify_continue(watch->listener, &notice);
}

static void measure_file(struct watch *watch, const char *path)
{
	struct stat status;

	if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
		raise_to(&watch->seen->peaks.file_size, (uint64_t)status.st_size);
}

void watch_finish(struct watch *watch)
{
	const struct observation *seen = watch->seen;
	struct stat status;

	for (size_t i = 0; i < seen->temporary.count; i++)
		if (lstat(seen->temporary.items[i], &status) == 0)
			observation_left(watch->seen, seen->temporary.items[i]);
	for (size_t i = 0; i < seen->written.count; i++)
		measure_file(watch, seen->written.items[i]);
}
