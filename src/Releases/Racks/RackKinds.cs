namespace Releases;

/// <summary>Represents the kinds of racks that a program supports.</summary>
public sealed class RackKinds(params IReadOnlyList<IRackKind> kinds)
{
    /// <summary>The kinds with resources to create and check.</summary>
    public IEnumerable<IRackKind> WithSetup => kinds.Where(k => k.Setup is not null);

    /// <summary>Parses an address. Fails with <see cref="ProblemCode.RackAddress"/>.</summary>
    /// <param name="text">The address.</param>
    /// <param name="currentFolder">The folder that relative folders are relative to.</param>
    public RackAddress Parse(string text, string currentFolder) =>
        kinds.Select(k => k.TryParse(text, currentFolder)).FirstOrDefault(a => a is not null)
            ?? throw new Problem(ProblemCode.RackAddress, $"'{text}' isn't a rack address.", Forms(), ProblemKind.Usage).ToException();

    private string Forms()
    {
        string[] forms = [.. kinds.SelectMany(k => k.AddressForms)];
        return $"An address is {string.Join(", ", forms[..^1])}{(forms.Length > 2 ? "," : "")} or {forms[^1]}.";
    }
}
