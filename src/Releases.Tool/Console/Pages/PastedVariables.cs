namespace Releases.Tool;

/// <summary>Reads the lines of a .env file that were pasted into the page.</summary>
internal static class PastedVariables
{
    /// <summary>Returns the variables. Fails with a problem for each invalid line, or if no variable is left.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string text, Action<string> note)
    {
        var notes = new List<string>();
        var problems = new List<Problem>();
        var variables = EnvironmentText.Read(new StringReader(text), "the pasted text", notes.Add, (line, why) => problems.Add(new(
            ProblemCode.Environment, $"line {line}: expected KEY=value{(why == EnvironmentText.NoEquals ? "" : $", but {why}")}.",
            Kind: ProblemKind.Usage)));
        foreach (var variable in variables)
        {
            try
            {
                EnvironmentSet.Of([variable]);
            }
            catch (ProblemException refused)
            {
                problems.AddRange(refused.Problems);
            }
        }

        if (variables.Count == 0 && notes.Count > 0)
            problems.Add(new(ProblemCode.Environment, $"{string.Join(' ', notes)} Nothing is left to set.", Kind: ProblemKind.Usage));
        notes.ForEach(note);
        return problems.Count == 0 ? variables : throw new ProblemException(problems);
    }
}
