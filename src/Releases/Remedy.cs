using System.Diagnostics.CodeAnalysis;

namespace Releases;

/// <summary>
/// Represents what to do about a problem: one step, or several to choose from. Each user interface presents operations in its own way.
/// </summary>
public sealed record Remedy(IReadOnlyList<RemedyStep> Steps)
{
    /// <summary>Converts a sentence without an operation.</summary>
    [return: NotNullIfNotNull(nameof(sentence))]
    public static implicit operator Remedy?(string? sentence) => FromString(sentence);

    /// <summary>Creates a remedy from a sentence without an operation; <c>null</c> if there is none.</summary>
    [return: NotNullIfNotNull(nameof(sentence))]
    public static Remedy? FromString(string? sentence) => sentence is null ? null : new([new(sentence)]);

    /// <summary>Creates a remedy that refers to an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="words">What it does for the user, without a period: <c>List apps</c>.</param>
    /// <param name="arguments">What follows the command's name, each argument unquoted, without <c>--app</c> and <c>--rack</c>.</param>
    public static Remedy Do(Operation operation, string words, params IReadOnlyList<string> arguments) =>
        new([new(words, operation.Name, arguments)]);

    /// <summary>Combines these steps with those of another remedy.</summary>
    public Remedy Or(Remedy other) => new([.. Steps, .. other.Steps]);

    /// <summary>Returns the remedy on one line; a command has no period after it, so that it can be copied.</summary>
    /// <param name="command">Returns the command line of a step that refers to an operation.</param>
    public string ToLine(Func<RemedyStep, string> command) =>
        Join(step => step.Operation is null ? step.Words : $"{step.Words}: {command(step)}");

    /// <summary>Returns the steps as sentences on one line, each formatted by the caller.</summary>
    /// <param name="show">Formats a step.</param>
    public string Join(Func<RemedyStep, string> show)
    {
        var parts = Steps.Select(show).ToList();
        return string.Concat(parts.Select((part, n) => n == parts.Count - 1 ? part : part[^1] is '.' or '?' ? $"{part} " : $"{part}. "));
    }

    /// <summary>Returns the remedy on one line, for records and logs, which have no call to complete commands from.</summary>
    public override string ToString() => ToLine(step => step.CommandLine());

    /// <inheritdoc/>
    public bool Equals(Remedy? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(0, HashCode.Combine);
}

/// <summary>Represents one thing to do.</summary>
/// <param name="Words">A sentence; before an operation, what it does, without a period.</param>
/// <param name="Operation">The name of the operation, as in <see cref="Releases.Operation.Name"/>, or <c>null</c> if there is none.</param>
/// <param name="Arguments">What follows the operation's name, or <c>null</c> for nothing.</param>
public sealed record RemedyStep(string Words, string? Operation = null, IReadOnlyList<string>? Arguments = null) : Extensible
{
    /// <summary>Returns the command as it is typed, quoted for a shell.</summary>
    /// <param name="more">Further options, such as <c>--app hello</c>.</param>
    public string CommandLine(params IEnumerable<string> more)
    {
        var arguments = Arguments ?? [];
        // What follows -- is for another program.
        var own = arguments.TakeWhile(a => a != "--").ToList();
        return string.Join(' ', ["dotnet convox", Operation!, .. own.Concat(more).Concat(arguments.Skip(own.Count)).Select(Quoted)]);
    }

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
