namespace Releases.Tool;

/// <summary>Lines of a .env file, pasted into the page.</summary>
internal static class PastedVariables
{
    /// <summary>The variables in it; fails with every line that is not one, and where nothing is left of it.</summary>
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
