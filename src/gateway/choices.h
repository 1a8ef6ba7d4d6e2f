/*
 * The choices of an input that another function computes (choices_from). It costs a run of that
 * function for each such input that has a value, in every request and every question anew, bounded as
 * every nested run is (gateway/function.h). A dry run computes nothing: it runs nothing.
 */
#ifndef ROLEGATE_CHOICES_H
#define ROLEGATE_CHOICES_H

#include "gateway/request.h"

/*
 * Runs that function with those of `inputs` (by index of the parameters of `command`) whose names
 * it declares. 0 with the lines that it printed, in the request's arena; or -1 and denied.
 */
int choices_compute(struct request *request, const struct command *command,
	const struct parameter *parameter, const struct arguments *inputs, struct strings *choices);

#endif
