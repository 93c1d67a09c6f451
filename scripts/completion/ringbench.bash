# SPDX-License-Identifier: BSD-2-Clause
# Completion for bash. The words come from the program's option tables.
_ringbench() {
	local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]-}
	local current=${COMP_WORDS[COMP_CWORD]} before words
	before=${COMP_WORDS[COMP_CWORD - 1]}
	local IFS=$'\n'
	# bash makes a word of the = in --backend=mutex.
	if [[ $current == = ]]; then
		current=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if ((COMP_CWORD == 1)); then
		words=$("$program" --complete 2>/dev/null)
	elif [[ $current == -* ]]; then
		words=$("$program" "$command" --complete 2>/dev/null)
	elif [[ $before == --* ]]; then
		words=$("$program" "$command" --complete "$before" 2>/dev/null)
	fi
	# Each line is a word, a tab, and its meaning.
	words=$(cut -f1 <<<"$words")
	local list=
	if [[ $current == *,* ]]; then
		list=${current%,*},
		current=${current##*,}
	fi
	mapfile -t COMPREPLY < <(compgen -P "$list" -W "$words" -- "$current")
	[[ $words ]] || mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
complete -o filenames -F _ringbench ringbench
