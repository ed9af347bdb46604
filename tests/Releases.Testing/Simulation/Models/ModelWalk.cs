using System.Globalization;
using System.Text;

namespace Releases.Testing.Simulation.Models;

/// <summary>A walk through a document: where it is, and the rules that were broken.</summary>
internal sealed class ModelWalk
{
    private readonly List<(string? Member, int Index)> _path = [];

    /// <summary>Each as <c>deploymentConfiguration.strategy is "X", not one of …</c>.</summary>
    public List<string> Broken { get; } = [];

    public void Enter(string member) => _path.Add((member, 0));

    public void Enter(int index) => _path.Add((null, index));

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    public void Breaks(string rule)
    {
        var path = new StringBuilder();
        foreach (var (member, index) in _path)
        {
            if (member is null) path.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            else path.Append(path.Length > 0 ? "." : "").Append(member);
        }

        Broken.Add($"{(path.Length == 0 ? "the document" : path)} {rule}");
    }
}
