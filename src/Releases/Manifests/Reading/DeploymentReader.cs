namespace Releases;

/// <summary>Reads <c>deployment</c> and <c>singleton</c>: how a service is rolled out.</summary>
internal sealed class DeploymentReader(ManifestSection service, ManifestDiagnostics diagnostics, HashSet<string> stated)
{
    public Deployment Read()
    {
        var value = service["deployment"];
        var deployment = ManifestSection.Read(value, ManifestKeys.Deployment, diagnostics, "'deployment'");
        if (deployment is not null) stated.UnionWith(deployment.Keys.Select(k => $"deployment.{k}").Append("deployment"));
        var singleton = diagnostics.Boolean(service["singleton"], "singleton") ?? false;
        var unset = new Deployment();
        var read = new Deployment
        {
            Minimum = diagnostics.Number(deployment?["minimum"], "deployment.minimum", 0, 100) ?? (singleton ? 0 : unset.Minimum),
            Maximum = diagnostics.Number(deployment?["maximum"], "deployment.maximum", 100, 1000) ?? (singleton ? 100 : unset.Maximum),
            Timeout = diagnostics.Seconds(deployment?["timeout"], "deployment.timeout", 1) ?? unset.Timeout,
        };
        if (singleton && read is not { Minimum: 0, Maximum: 100 })
            diagnostics.Error(value!, "'singleton' sets a minimum of 0 and a maximum of 100, but 'deployment' sets others.",
                "Keep one of them.");
        else if (read is { Minimum: 100, Maximum: 100 })
            diagnostics.Error(value!, "with a minimum and a maximum of 100, a rollout can't proceed.",
                "Lower the minimum, or raise the maximum.");
        return deployment is null ? read : new StrategyReader(deployment, diagnostics).Read(read, singleton);
    }
}
