/*
 * main() for a fuzz target where there is no libFuzzer: runs every file of the corpus, then simple
 * mutations of them. Without arguments, the corpus is tests/fuzz/corpus/NAME for a program
 * fuzz-NAME, below $srcdir, and there are 20000 mutations: a smoke run.
 *
 *   fuzz-NAME [-runs=N] [-max_total_time=SECONDS] [-seed=N] [FILE | DIRECTORY]...
 *
 * An input that kills the target is written to stderr in hexadecimal.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

enum { INPUT_MAX = 128 * 1024, SEEDS_MAX = 4096, SMOKE_RUNS = 20000 };

struct input {
	uint8_t *bytes;
	size_t size;
};

static struct input seeds[SEEDS_MAX];
static size_t seed_count;
static uint64_t random_state = 0x9e3779b97f4a7c15ULL;
static uint8_t current[INPUT_MAX]; /* static, so that the death callback finds it */
static size_t current_size;

static size_t below(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % limit);
}

static void show_input(void)
{
	fprintf(stderr, "input of %zu bytes:\n", current_size);
	for (size_t i = 0; i < current_size; i++)
		fprintf(stderr, "%02x", current[i]);
	fputc('\n', stderr);
}

static void die(int number)
{
	show_input();
	_exit(128 + number);
}

static void run(void)
{
	/* A copy of its own, so that a sanitizer sees the first byte read behind the end. */
	uint8_t *copy = malloc(current_size + (current_size == 0));

	if (copy == NULL)
		abort();
	memcpy(copy, current, current_size);
	LLVMFuzzerTestOneInput(copy, current_size);
	free(copy);
}

static void add_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct input *seed = &seeds[seed_count];

	if (file == NULL || seed_count == SEEDS_MAX) {
		perror(path);
		exit(2);
	}
	current_size = fread(current, 1, sizeof(current), file);
	fclose(file);
	seed->bytes = malloc(current_size + (current_size == 0));
	if (seed->bytes == NULL)
		abort();
	memcpy(seed->bytes, current, current_size);
	seed->size = current_size;
	seed_count++;
	run();
}

static void add_path(const char *path)
{
	struct dirent **entries = NULL;
	struct stat status;
	char name[4096];
	int count;

	if (stat(path, &status) < 0 || !S_ISDIR(status.st_mode)) {
		add_file(path);
		return;
	}
	count = scandir(path, &entries, NULL, alphasort); /* sorted: runs repeat exactly */
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			add_file(name);
		free(entries[i]);
	}
	free(entries);
}

static void insert(size_t at, const uint8_t *bytes, size_t size)
{
	if (size > sizeof(current) - current_size)
		return;
	memmove(current + at + size, current + at, current_size - at);
	memcpy(current + at, bytes, size);
	current_size += size;
}

/* A stretch of some seed, at `at`. */
static void splice(size_t at)
{
	const struct input *other = &seeds[below(seed_count)];
	size_t start, size;

	if (other->size == 0)
		return;
	start = below(other->size);
	size = 1 + below(other->size - start);
	insert(at, other->bytes + start, size);
}

static void mutate(void)
{
	static const char interesting[] = "\0\n\t '\"\\-=/~#$`*!\x7f\x80\xc2\xff";
	size_t at = below(current_size + 1), size;
	uint8_t byte = (uint8_t)below(256);

	switch (below(5)) {
	case 0:
		insert(at, &byte, 1);
		break;
	case 1:
		byte = (uint8_t)interesting[below(sizeof(interesting))];
		insert(at, &byte, 1);
		break;
	case 2:
		splice(at);
		break;
	case 3:
		size = at == current_size ? 0 : 1 + below(current_size - at);
		memmove(current + at, current + at + size, current_size - at - size);
		current_size -= size;
		break;
	default:
		if (at < current_size)
			current[at] = (uint8_t)(current[at] ^ 1U << below(8));
	}
}

static void run_mutations(size_t runs, time_t seconds)
{
	time_t end = time(NULL) + seconds;
	size_t done;

	for (done = 0; (runs == 0 || done < runs) && (seconds == 0 || time(NULL) < end); done++) {
		const struct input *seed = &seeds[below(seed_count)];

		memcpy(current, seed->bytes, seed->size);
		current_size = seed->size;
		for (size_t i = below(8); i > 0; i--)
			mutate();
		run();
	}
	printf("%zu seeds, %zu mutations\n", seed_count, done);
}

static void add_default_corpus(const char *program)
{
	const char *slash = strrchr(program, '/'), *source = getenv("srcdir");
	const char *name = slash == NULL ? program : slash + 1;
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", source == NULL ? "." : source,
		strncmp(name, "fuzz-", 5) == 0 ? name + 5 : name);
	add_path(path);
}

int main(int argc, char **argv)
{
	size_t runs = 0;
	time_t seconds = 0;

	signal(SIGABRT, die);
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(show_input);
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "-runs=", 6) == 0)
			runs = strtoull(argv[i] + 6, NULL, 10);
		else if (strncmp(argv[i], "-max_total_time=", 16) == 0)
			seconds = strtol(argv[i] + 16, NULL, 10);
		else if (strncmp(argv[i], "-seed=", 6) == 0)
			random_state ^= strtoull(argv[i] + 6, NULL, 10);
		else if (argv[i][0] != '-')
			add_path(argv[i]);
	}
	if (seed_count == 0)
		add_default_corpus(argv[0]);
	if (argc == 1)
		runs = SMOKE_RUNS;
	if (seed_count > 0 && (runs > 0 || seconds > 0))
		run_mutations(runs, seconds);
	return seed_count > 0 ? 0 : 2;
}
