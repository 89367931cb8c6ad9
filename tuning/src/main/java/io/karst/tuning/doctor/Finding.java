package io.karst.tuning.doctor;

/**
 * What the doctor says about one thing.
 *
 * @param id of the check
 * @param severity how much it matters
 * @param found in the operator's words
 * @param wanted in the operator's words
 * @param why what it costs otherwise
 * @param fix what to change; its text is empty when nothing is to be changed
 * @param source who says so
 */
public record Finding(
        String id, Severity severity, String found, String wanted, String why, Remedy fix, String source) {}
