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

    /// <summary>Creates a remedy that repeats the request with an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">What it does for the user, without a period: <c>Wait for it</c>.</param>
    /// <param name="value">The option's value, or null if it has none.</param>
    public static Remedy Pass(OperationOption option, string words, string? value = null) =>
        new([new(words) { Option = new(option.Name, value) }]);

    /// <summary>Creates a remedy that repeats the request without an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">What that does for the user, without a period: <c>Base it on the latest</c>.</param>
    public static Remedy LeaveOut(OperationOption option, string words) =>
        new([new(words) { Option = new(option.Name) { IsLeftOut = true } }]);

    /// <summary>Returns the same steps for another rack than that of the request.</summary>
    public Remedy On(string rack) => new([.. Steps.Select(s => s.Operation is null
        ? s
        : s with { Arguments = [OperationOption.Rack, rack, .. s.Arguments ?? []] })]);

    /// <summary>Combines these steps with those of another remedy.</summary>
    public Remedy Or(Remedy other) => new([.. Steps, .. other.Steps]);

    /// <summary>Returns the steps as sentences on one line; a command has no period after it, so that it can be copied.</summary>
    /// <param name="show">Formats a step, or returns null to skip it.</param>
    public string Join(Func<RemedyStep, string?> show)
    {
        var parts = Steps.Select(show).OfType<string>().ToList();
        return string.Concat(parts.Select((part, n) => n == parts.Count - 1 ? part : part[^1] is '.' or '?' ? $"{part} " : $"{part}. "));
    }

    /// <summary>Returns the remedy on one line, as records and logs have it; see <see cref="RecordedRemedy"/>.</summary>
    public override string ToString() => RecordedRemedy.Line(this);

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
    /// <summary>The option with or without which the request would succeed, or null if this isn't about the request.</summary>
    public RemedyOption? Option { get; init; }

    /// <inheritdoc/>
    public bool Equals(RemedyStep? other) => other is not null
        && (Words, Operation, Option) == (other.Words, other.Operation, other.Option)
        && (Arguments ?? []).SequenceEqual(other.Arguments ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Words, Operation);
}

/// <summary>Represents an option to repeat a request with, or without.</summary>
/// <param name="Name">Its name, as in <see cref="OperationOption.Name"/>.</param>
/// <param name="Value">Its value, or null if it has none.</param>
public sealed record RemedyOption(string Name, string? Value = null) : Extensible
{
    /// <summary>Whether the option is to be left out.</summary>
    public bool IsLeftOut { get; init; }
}
