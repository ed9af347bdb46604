using System.Diagnostics.CodeAnalysis;

namespace Releases;

/// <summary>What to do about a problem: one step or several to choose from. Each head shows an operation its own way.</summary>
public sealed record Remedy(IReadOnlyList<RemedyStep> Steps)
{
    /// <summary>A sentence that leads to no operation.</summary>
    [return: NotNullIfNotNull(nameof(sentence))]
    public static implicit operator Remedy?(string? sentence) => FromString(sentence);

    /// <summary>A sentence that leads to no operation; <c>null</c> for none.</summary>
    [return: NotNullIfNotNull(nameof(sentence))]
    public static Remedy? FromString(string? sentence) => sentence is null ? null : new([new(sentence)]);

    /// <summary>Leads to an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="words">What it does for the user, without a full stop: <c>List apps</c>.</param>
    /// <param name="arguments">What follows the command's name, each as it is, without quotes; no <c>--app</c> and no
    /// <c>--rack</c>.</param>
    public static Remedy Do(Operation operation, string words, params IReadOnlyList<string> arguments) =>
        new([new(words, operation.Name, arguments)]);

    /// <summary>These steps, then another's.</summary>
    public Remedy Or(Remedy other) => new([.. Steps, .. other.Steps]);

    /// <summary>As one line; a command stands without a full stop, so that it can be copied.</summary>
    /// <param name="command">The command line of a step that leads to an operation.</param>
    public string ToLine(Func<RemedyStep, string> command) =>
        Join(step => step.Operation is null ? step.Words : $"{step.Words}: {command(step)}");

    /// <summary>Its steps, each as a head shows it, as sentences on one line.</summary>
    /// <param name="show">What one step becomes.</param>
    public string Join(Func<RemedyStep, string> show)
    {
        var parts = Steps.Select(show).ToList();
        return string.Concat(parts.Select((part, n) => n == parts.Count - 1 ? part : part[^1] is '.' or '?' ? $"{part} " : $"{part}. "));
    }

    /// <summary>As one line, for records and logs, which know no call.</summary>
    public override string ToString() => ToLine(step => step.CommandLine());

    /// <inheritdoc/>
    public bool Equals(Remedy? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(0, HashCode.Combine);
}

/// <summary>One thing to do.</summary>
/// <param name="Words">A sentence; before an operation, what it does, without a full stop.</param>
/// <param name="Operation">The name of the operation that it leads to, as in <see cref="Releases.Operation.Name"/>; <c>null</c>:
/// none.</param>
/// <param name="Arguments">What follows the operation's name; <c>null</c>: nothing.</param>
public sealed record RemedyStep(string Words, string? Operation = null, IReadOnlyList<string>? Arguments = null) : Extensible
{
    /// <summary>As a person types it, quoted for a shell.</summary>
    /// <param name="more">Options after it, as <c>--app hello</c>.</param>
    public string CommandLine(params IEnumerable<string> more) =>
        string.Join(' ', (string[])["dotnet convox", Operation!, .. (Arguments ?? []).Select(Quoted), .. more.Select(Quoted)]);

    /// <inheritdoc/>
    public bool Equals(RemedyStep? other) => other is not null
        && (Words, Operation) == (other.Words, other.Operation) && (Arguments ?? []).SequenceEqual(other.Arguments ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Words, Operation);

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_=.,:/@%+…<>".Contains(c, StringComparison.Ordinal))
            ? argument
        : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
