namespace Releases;

/// <summary>The kinds of racks that a head knows.</summary>
public sealed class RackKinds(params IReadOnlyList<IRackKind> kinds)
{
    /// <summary>What makes and checks racks of the kinds that stand on something, with the forms of their addresses.</summary>
    public IEnumerable<IRackKind> WithSetup => kinds.Where(k => k.Setup is not null);

    /// <summary>Reads an address. Fails with <see cref="ProblemCode.RackAddress"/>.</summary>
    /// <param name="text">The address.</param>
    /// <param name="currentFolder">What a relative folder is relative to.</param>
    public RackAddress Parse(string text, string currentFolder) =>
        kinds.Select(k => k.TryParse(text, currentFolder)).FirstOrDefault(a => a is not null)
            ?? throw new Problem(ProblemCode.RackAddress, $"'{text}' isn't a rack address.", Forms(), ProblemKind.Usage).ToException();

    private string Forms()
    {
        string[] forms = [.. kinds.SelectMany(k => k.AddressForms)];
        return $"An address is {string.Join(", ", forms[..^1])}{(forms.Length > 2 ? "," : "")} or {forms[^1]}.";
    }
}
