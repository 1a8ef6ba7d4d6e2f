/*
 * JSON (RFC 8259), written as it comes: a tree of a long list would take more memory than the text,
 * and more time than a decision. Compact and in ASCII alone, so that no value can hold anything
 * that a terminal obeys (R32). `key` is NULL in an array and for the outermost value.
 */
#ifndef ROLEGATE_JSON_OUT_H
#define ROLEGATE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "answer/output.h"
#include "base/strings.h"
#include "policy/source.h"
#include "policy/transcript.h"

void json_out_open(struct output *output, const char *key, char bracket);
void json_out_close(struct output *output, char bracket);
/* Leaves the member out when `text` is NULL. Bytes that are not UTF-8 are escaped as text. */
void json_out_string(struct output *output, const char *key, const char *text);
void json_out_strings(struct output *output, const char *key, const struct strings *list);
void json_out_number(struct output *output, const char *key, int64_t number);
void json_out_bool(struct output *output, const char *key, bool value);
/* The members "file" and, where there is one, "line". */
void json_out_source(struct output *output, const struct source *source);
/* The members "transcript" and "transcript_input"; none where there is no transcript. */
void json_out_transcript(struct output *output, struct transcript_rule rule);

#endif
