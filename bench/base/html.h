/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints texts as HTML. */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

/* Prints a text with all special characters escaped, also for an attribute in
 * double quotes. Control characters become blanks. */
void html_put(const char *text, FILE *to);

/*
 * Prints text for a terminal as paragraphs. An empty line ends a paragraph;
 * other line breaks stay, and an indented line stays indented (class "i"). A
 * line that begins with "* " is a heading in bold.
 */
void html_paragraphs(const char *text, FILE *to);

#endif
