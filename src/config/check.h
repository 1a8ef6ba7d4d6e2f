/* What names, accounts and paths in a configuration may be (R6, R8). See schema_check. */
#ifndef ROLEGATE_CHECK_H
#define ROLEGATE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

const char *check_name(const char *text);
const char *check_command_name(const char *text);
const char *check_group(const char *text);
const char *check_account(const char *text); /* of a person */
const char *check_run_as(const char *text);  /* or "caller" */
const char *check_path(const char *text);
const char *check_external(const char *text);
const char *check_option(const char *text);
const char *check_variable(const char *text);
const char *check_not_empty(const char *text);

/* A name of visible_commands: as a command's, but with '*' in it. */
bool check_is_wildcard(const char *text);
const char *check_wildcard(const char *text);

#define CHECK_SIZE_MAXIMUM (UINT64_C(1) << 60)
/* "512M": a whole number and one of K, M, G, T, by 1024. False if it is none or too large. */
bool check_size(const char *text, uint64_t *bytes);

/* The words of a command's name. */
size_t check_word_count(const char *text);

/* A program or a file that may be executed: a path that is no directory for certain. */
const char *check_executable(const char *text);
/* A name in a directory, in which '*' stands for any bytes. */
const char *check_file_name(const char *text);
/* Names of commands: as check_wildcard(), or a path with or without '*'. */
const char *check_commands(const char *text);

#endif
