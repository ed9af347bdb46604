namespace Releases;

/// <summary>
/// Formats a remedy as one line for records, logs and messages between versions, which no user interface formats. Versions that don't know
/// its steps show this line, so its commands are as 0.1.0 wrote them. Options of a request that is over aren't part of it.
/// </summary>
internal static class RecordedRemedy
{
    private const string Program = "dotnet convox";

    public static string Line(Remedy remedy) => remedy.Join(step => step switch
    {
        { Option: not null } => null,
        { Operation: { } operation } =>
            $"{step.Words}: {string.Join(' ', [Program, operation, .. (step.Arguments ?? []).Select(ShellWord.Quoted)])}",
        _ => step.Words,
    });
}
